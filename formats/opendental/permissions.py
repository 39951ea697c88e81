"""What the access log of Open Dental calls each kind of event (`securitylog.PermType`), by number."""

from __future__ import annotations

_NAMES = tuple(
    """
    None AppointmentsModule FamilyModule AccountModule TPModule ChartModule ImagingModule ManageModule
    Setup RxCreate ProcComplEdit ChooseDatabase Schedules Blockouts ClaimSentEdit PaymentCreate
    PaymentEdit AdjustmentCreate AdjustmentEdit UserQuery StartupSingleUserOld StartupMultiUserOld
    Reports ProcComplCreate SecurityAdmin AppointmentCreate AppointmentMove AppointmentEdit Backup
    TimecardsEditAll DepositSlips AccountingEdit AccountingCreate Accounting AnesthesiaIntakeMeds
    AnesthesiaControlMeds InsPayCreate InsPayEdit TreatPlanEdit ReportProdInc TimecardDeleteEntry
    EquipmentDelete SheetEdit CommlogEdit ImageDelete PerioEdit ProcEditShowFee AdjustmentEditZero
    EhrEmergencyAccess ProcDelete EhrKeyAdd ProviderEdit EcwAppointmentRevise ProcedureNoteFull
    ReferralAdd InsPlanChangeSubsc RefAttachAdd RefAttachDelete CarrierCreate GraphicalReports
    AutoNoteQuickNoteEdit EquipmentSetup Billing ProblemDefEdit ProcFeeEdit InsPlanChangeCarrierName
    TaskNoteEdit WikiListSetup Copy Printing MedicalInfoViewed PatProblemListEdit PatMedicationListEdit
    PatAllergyListEdit PatFamilyHealthEdit PatientPortal RxEdit AdminDentalStudents
    AdminDentalInstructors OrthoChartEditFull PatientFieldEdit AdminDentalEvaluations
    TreatPlanDiscountEdit UserLogOnOff TaskEdit EmailSend WebMailSend UserQueryAdmin InsPlanChangeAssign
    ImageEdit EhrMeasureEventEdit EServicesSetup FeeSchedEdit ProviderFeeEdit PatientMerge
    ClaimHistoryEdit AppointmentCompleteEdit WebMailDelete RequiredFields ReferralMerge ProcEdit
    ProviderMerge MedicationMerge AccountProcsQuickAdd ClaimSend TaskListCreate PatientCreate
    GraphicalReportSetup PatientEdit InsPlanCreate InsPlanEdit InsPlanCreateSub InsPlanEditSub
    InsPlanAddPat InsPlanDropPat InsPlanVerifyList SplitCreatePastLockDate ProcComplEditLimited
    ClaimDelete InsWriteOffEdit ApptConfirmStatusEdit GraphicsRemoteEdit AuditTrail
    TreatPlanPresenterEdit ProviderAlphabetize ClaimProcReceivedEdit StatementPatNumMismatch MobileWeb
    PatPlanCreate PatPriProvEdit ReferralEdit PatientBillingEdit ReportProdIncAllProviders ReportDaily
    ReportDailyAllProviders PatientApptRestrict SheetDelete UpdateCustomTracking GraphicsEdit
    InsPlanOrthoEdit ClaimProcClaimAttachedProvEdit InsPlanMerge InsCarrierCombine PopupEdit
    InsPlanPickListExisting OrthoChartEditUser ProcedureNoteUser GroupNoteEditSigned WikiAdmin
    PayPlanEdit ClaimEdit CommandQuery ReplicationSetup PreAuthSentEdit LogFeeEdit LogSubscriberEdit
    RecallEdit ProcCodeEdit AddNewUser ClaimView RepeatChargeTool DiscountPlanAddDrop TreatPlanSign
    ProcExistingEdit UnrestrictedSearch ArchivedPatientEdit CommlogPersistent VerifyPhoneOwnership
    SalesTaxAdjEdit InsuranceVerification CreditCardMove AgingRan HeadmasterSetup DashboardWidget
    NewClaimsProcNotBilled PatientPortalLogin FAQEdit FeatureRequestEdit TaskReminderPopup
    SupplementalBackup WebSchedRecallManualSend PatientSSNView PatientDOBView FamAgingTruncate
    DiscountPlanMerge ProcCompleteStatusEdit ProcCompleteAddAdj ProcCompleteEditMisc ProcCompleteNote
    ProcCompleteEdit ProtectedLeaveAdjustmentEdit TimeAdjustEdit QueryMonitor CommlogCreate
    WebFormAccess CloseOtherSessions RepeatChargeCreate RepeatChargeUpdate RepeatChargeDelete Zoom
    FormAdded ImageExport ImageCreate CertificationEmployee CertificationSetup EmployerCreate
    AllowLoginFromAnyLocation LogDoseSpotMedicationNoteEdit PayPlanChargeDateEdit DiscountPlanAdd
    DiscountPlanEdit AllowFeeEditWhileReceivingClaim ManageHighSecurityProgProperties CreditCardEdit
    MedicationDefEdit AllergyDefEdit Advertising TextMessageView TextMessageSend RxMerge DefEdit
    UpdateInstall AdjustmentTypeDeny StatementCSV CarrierEdit ApiSubscription SecurityGlobal
    EditReadOnlyTasks TaskDelete SetupWizard ShowFeatures PrinterSetup ProviderAdd ClinicEdit
    ApiAccountEdit RegistrationKeyCreate RegistrationKeyEdit AppointmentDelete AppointmentCompleteDelete
    AppointmentTypeEdit TextingAccountEdit WebChatEdit SupplierEdit SupplyPurchases
    PreferenceEditBroadcastMonitor AppointmentResize CreditCardTerminal ViewAppointmentAuditTrail
    PayPlanChargeEdit ArchivedPatientSelect CloudCustomerEdit ChanSpy ClaimProcFeeBilledToInsEdit
    AllergyMerge AiChatSession BadgeIdEdit ChildDaycareEdit PerioEditCopy
""".split()  # noqa: SIM905 a list of quoted words would be three times as long
)
"""Names in the order of their numbers, from 0; Open Dental 24.3 (older versions know fewer)."""


def permission(number: int) -> str:
    """Return the name of a kind of event, or the number itself when this list is older than the source."""
    return _NAMES[number] if 0 <= number < len(_NAMES) else str(number)
